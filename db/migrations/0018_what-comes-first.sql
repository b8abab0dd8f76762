ALTER TABLE `recurring_run` ADD `priority` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `run_priority` ON `run` (`priority`,`created_at`,`key`) WHERE deleted_at is null;