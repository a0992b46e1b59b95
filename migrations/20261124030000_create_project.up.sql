create table project (
    id serial primary key,
    stack_id uuid not null,
    user_id varchar(50) not null,
    name text not null,
    compose text not null default '',
    canvas jsonb not null default '{}',
    form_extras jsonb,
    services text[] not null default '{}',
    metadata json not null,
    request_json json not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    source_template_id uuid,
    template_version varchar(20),
    constraint project_version_is_positive check (version > 0),
    constraint project_compose_is_within_1_mib check (octet_length(compose) <= 1048576)
);

-- Lists go by owner in the order of ids, page by page.
create index project_user_id_id_idx on project (user_id, id);
-- The start page goes by owner, last changed first.
create index project_user_id_updated_at_idx on project (user_id, updated_at desc);
create index project_stack_id_idx on project (stack_id);

comment on table project is 'A stack somebody works on. The compose text is the truth; what else can be read from it is kept for speed only.';
comment on column project.id is 'What REST paths name.';
comment on column project.stack_id is 'Random, never changes; names the stack towards other services.';
comment on column project.user_id is 'The owner, opaque: an id of the sign-in provider, or `local`.';
comment on column project.name is 'For people; need not be unique. The custom_stack_code of the project form.';
comment on column project.compose is 'The compose file, byte for byte.';
comment on column project.canvas is 'What a picture knows and compose cannot say: positions, catalogue origin, notes.';
comment on column project.form_extras is 'What the project form knows and compose cannot say: ids, icons, versions. Null for projects born in the builder.';
comment on column project.services is 'Names of the services, read from the compose text at each write.';
comment on column project.metadata is 'The normalised project form, computed from the compose text at each write.';
comment on column project.request_json is 'The body of the last project form as it came, without credentials.';
comment on column project.version is 'Grows by one with every change; conditional writes compare it.';
comment on column project.source_template_id is 'The marketplace template it was made from.';
comment on column project.template_version is 'The version of that template.';
