DROP INDEX `metric_run`;--> statement-breakpoint
DROP INDEX `metric_value`;--> statement-breakpoint
CREATE INDEX `metric_run` ON `metric` (`run_key`,`name`,`task_key`,`index`,`value`);--> statement-breakpoint
CREATE INDEX `metric_value` ON `metric` (`name`,`value`,`run_key`) WHERE "index" is null;