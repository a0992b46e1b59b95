alter table audit_log drop column owner_id;
