alter table project drop column stored_bytes;
