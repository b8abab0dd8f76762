/** What takes the disk, which runs go by themselves, and what can still be brought back. */
"use client";

import { SettingsFrame } from "../settings-frame";
import { DiskSection } from "./disk-section";
import { RulesSection } from "./rules-section";
import { TrashSection } from "./trash-section";

export function StoragePage() {
  return (
    <SettingsFrame
      title="Storage and trash"
      note="What is deleted waits in the trash before its rows and files go for good. Rules put runs there by themselves."
    >
      <div className="flex max-w-4xl flex-col gap-10">
        <DiskSection />
        <RulesSection />
        <TrashSection />
      </div>
    </SettingsFrame>
  );
}
