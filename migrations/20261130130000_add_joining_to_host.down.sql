drop index host_provisional_until_idx;
delete from host where provisional_until is not null;
alter table host
    drop column engine_missing,
    drop column joined_at,
    drop column program_fetched_at,
    drop column provisional_until;
