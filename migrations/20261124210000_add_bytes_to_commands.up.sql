alter table commands
    add column bytes integer not null generated always as (
        octet_length(parameters::text) + coalesce(octet_length(result::text), 0) + coalesce(octet_length(error::text), 0)
            + coalesce(octet_length(metadata::text), 0)
    ) stored;

comment on column commands.bytes is 'What it weighs in a list.';
