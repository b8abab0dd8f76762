CREATE TRIGGER run_count_insert AFTER INSERT ON run WHEN new.deleted_at IS NULL BEGIN
  INSERT INTO run_count (experiment_key, pipeline_key, state, is_archived, count)
  VALUES (new.experiment_key, coalesce(new.pipeline_key, 0), new.state, new.archived_at IS NOT NULL, 1)
  ON CONFLICT (experiment_key, pipeline_key, state, is_archived) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER run_count_update AFTER UPDATE OF state, archived_at, deleted_at, experiment_key, pipeline_key ON run
WHEN old.state <> new.state OR (old.archived_at IS NULL) <> (new.archived_at IS NULL)
  OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) OR old.experiment_key <> new.experiment_key
  OR old.pipeline_key IS NOT new.pipeline_key BEGIN
  UPDATE run_count SET count = count - 1
  WHERE old.deleted_at IS NULL AND experiment_key = old.experiment_key AND pipeline_key = coalesce(old.pipeline_key, 0)
    AND state = old.state AND is_archived = (old.archived_at IS NOT NULL);
  INSERT INTO run_count (experiment_key, pipeline_key, state, is_archived, count)
  SELECT new.experiment_key, coalesce(new.pipeline_key, 0), new.state, new.archived_at IS NOT NULL, 1
  WHERE new.deleted_at IS NULL
  ON CONFLICT (experiment_key, pipeline_key, state, is_archived) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER run_count_delete AFTER DELETE ON run WHEN old.deleted_at IS NULL BEGIN
  UPDATE run_count SET count = count - 1
  WHERE experiment_key = old.experiment_key AND pipeline_key = coalesce(old.pipeline_key, 0) AND state = old.state
    AND is_archived = (old.archived_at IS NOT NULL);
END;
--> statement-breakpoint
INSERT INTO run_count (experiment_key, pipeline_key, state, is_archived, count)
SELECT experiment_key, coalesce(pipeline_key, 0), state, archived_at IS NOT NULL, count(*) FROM run
WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
CREATE TRIGGER run_metric_insert AFTER INSERT ON metric WHEN new."index" IS NULL BEGIN
  INSERT INTO run_metric (run_key, name, value, position) VALUES (new.run_key, new.name, new.value, -1)
  ON CONFLICT (run_key, name) DO UPDATE SET value = excluded.value WHERE position = -1;
END;
--> statement-breakpoint
INSERT INTO run_metric (run_key, name, value, position)
SELECT run_key, name, value, coalesce("index", -1) FROM metric WHERE true ORDER BY coalesce("index", -1), key
ON CONFLICT (run_key, name) DO UPDATE SET value = excluded.value, position = excluded.position;
--> statement-breakpoint
CREATE VIRTUAL TABLE run_search USING fts5 (name, description, tags, content = '', contentless_delete = 1, tokenize = 'trigram');
--> statement-breakpoint
CREATE TRIGGER run_search_insert AFTER INSERT ON run BEGIN
  INSERT INTO run_search (rowid, name, description, tags) VALUES (new.key, new.name, new.description, '');
END;
--> statement-breakpoint
CREATE TRIGGER run_search_update AFTER UPDATE OF name, description ON run
WHEN old.name <> new.name OR old.description <> new.description BEGIN
  DELETE FROM run_search WHERE rowid = new.key;
  INSERT INTO run_search (rowid, name, description, tags) SELECT new.key, new.name, new.description,
    coalesce((SELECT group_concat(name || '=' || value, char(10)) FROM run_tag WHERE run_key = new.key), '');
END;
--> statement-breakpoint
CREATE TRIGGER run_search_delete AFTER DELETE ON run BEGIN
  DELETE FROM run_search WHERE rowid = old.key;
END;
--> statement-breakpoint
CREATE TRIGGER run_search_tag_insert AFTER INSERT ON run_tag BEGIN
  DELETE FROM run_search WHERE rowid = new.run_key;
  INSERT INTO run_search (rowid, name, description, tags) SELECT key, name, description,
    (SELECT group_concat(t.name || '=' || t.value, char(10)) FROM run_tag t WHERE t.run_key = run.key)
  FROM run WHERE key = new.run_key;
END;
--> statement-breakpoint
CREATE TRIGGER run_search_tag_delete AFTER DELETE ON run_tag BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
  INSERT INTO run_search (rowid, name, description, tags) SELECT key, name, description,
    coalesce((SELECT group_concat(t.name || '=' || t.value, char(10)) FROM run_tag t WHERE t.run_key = run.key), '')
  FROM run WHERE key = old.run_key;
END;
--> statement-breakpoint
INSERT INTO run_search (rowid, name, description, tags) SELECT key, name, description, '' FROM run;
