alter table audit_log add column client_id integer;

comment on column audit_log.client_id is 'The API client that asked for the user.';
comment on column audit_log.status is 'success, failed or refused.';
comment on column audit_log.ip_address is 'Where it came from; null for what no request asked for.';
comment on table audit_log is
    'Who did what: every change of access, every destructive act, every command. Never holds secrets; idle polls are not in it.';
