-- Lines of before get theirs in the order in which they lie in the table, which is that of their writing but for those
-- that filled a gap.
alter table audit_log add column number bigint generated always as identity;

alter table audit_log add constraint audit_log_number_key unique (number);

create index audit_log_user_id_idx on audit_log (user_id, number);

comment on column audit_log.number is 'Counts up in the order of writing; what pages of the log go by.';
