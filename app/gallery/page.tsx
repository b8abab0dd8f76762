/** Every component in every state, for development and tests; a built server does not show it. */
import { notFound } from "next/navigation";
import { Gallery } from "@/components/gallery/gallery";

export default function GalleryPage() {
  if (process.env.NODE_ENV === "production") notFound();
  return <Gallery />;
}
