alter table project add column owner_name text;

comment on column project.owner_name is 'What members are told of who owns it; null while it was never shared.';
