/** What takes the disk, the rules that make room, and the trash. */
import { StoragePage } from "@/components/settings/storage/storage-page";

export default function Storage() {
  return <StoragePage />;
}
