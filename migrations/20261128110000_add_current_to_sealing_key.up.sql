alter table sealing_key
    add column current_since timestamptz,
    add column forgotten_at timestamptz,
    alter column proof drop not null,
    add constraint sealing_key_is_known_or_forgotten check (proof is not null or forgotten_at is not null),
    add constraint sealing_key_that_seals_is_known check (proof is not null or current_since is null);

-- Until now each server sealed with the newest key of its file.
update sealing_key set current_since = created_at where id = (select max(id) from sealing_key);

create unique index sealing_key_is_current_once on sealing_key ((true)) where current_since is not null;

comment on column sealing_key.current_since is 'Since when everything new is sealed with it; null for all but one.';
comment on column sealing_key.forgotten_at is 'When what was sealed with a key of this number was given up for lost.';
comment on column sealing_key.proof is 'Sealed with it: opens with no other key of that number. Null while it is forgotten.';
