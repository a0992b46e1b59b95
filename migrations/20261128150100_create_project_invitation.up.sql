create table project_invitation (
    id uuid primary key,
    project_id integer not null references project (id) on delete cascade,
    code_hash bytea not null unique,
    role project_role not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint project_invitation_is_no_owner check (role <> 'owner')
);

create index project_invitation_project_id_idx on project_invitation (project_id);

comment on table project_invitation is 'Codes that let one more person into a project, each for one use.';
comment on column project_invitation.code_hash is 'SHA-256 of the code, which is shown once.';
comment on column project_invitation.role is 'What who accepts it becomes.';
