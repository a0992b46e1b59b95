delete from sealing_key where proof is null;

drop index sealing_key_is_current_once;

alter table sealing_key
    drop constraint sealing_key_is_known_or_forgotten,
    drop constraint sealing_key_that_seals_is_known,
    drop column current_since,
    drop column forgotten_at,
    alter column proof set not null;

comment on column sealing_key.proof is 'Sealed with it: opens with no other key of that number.';
