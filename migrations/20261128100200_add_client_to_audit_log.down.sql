alter table audit_log drop column client_id;

comment on column audit_log.status is 'success or refused.';
comment on column audit_log.ip_address is 'Where it came from.';
comment on table audit_log is 'Who did what. Never holds secrets; idle polls are not in it.';
