/** Every component in every state, for development, tests and pictures; a built server shows it when it is told to. */
import { notFound } from "next/navigation";
import { Gallery } from "@/components/gallery/gallery";

// Whether it is shown is asked of the server that runs, not of the build.
export const dynamic = "force-dynamic";

export default function GalleryPage() {
  if (process.env.NODE_ENV === "production" && process.env.PENSTOCK_GALLERY !== "on") notFound();
  return <Gallery />;
}
