ALTER TABLE `run` ADD `purging_at` integer;--> statement-breakpoint
CREATE INDEX `run_deleted` ON `run` (`deleted_at`,`key`) WHERE deleted_at is not null;