CREATE INDEX `experiment_order` ON `experiment` (name collate nocase);--> statement-breakpoint
CREATE INDEX `pipeline_order` ON `pipeline` (display_name collate nocase);--> statement-breakpoint
CREATE INDEX `run_scheduled` ON `run` (`scheduled_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_started` ON `run` (`started_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_origin` ON `run` (`origin`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_unlisted` ON `run` (pipeline_name collate nocase,pipeline_key is not null,`created_at`,`key`) WHERE deleted_at is null and pipeline_key is null;--> statement-breakpoint
CREATE INDEX `version_order` ON `version` (`number`);