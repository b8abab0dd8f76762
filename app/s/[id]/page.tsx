import { ShortLinkPage } from "@/components/lists/short-link-page";

export const metadata = { title: "Short link" };

export default async function ShortLink({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <ShortLinkPage id={(await params).id} />;
}
