-- In the order of what they may do: roles are compared.
create type project_role as enum ('viewer', 'operator', 'editor', 'owner');

create table project_member (
    project_id integer not null references project (id) on delete cascade,
    user_id varchar(50) not null,
    role project_role not null,
    name text not null,
    email text,
    created_at timestamptz not null,
    primary key (project_id, user_id),
    constraint project_member_is_no_owner check (role <> 'owner')
);

create index project_member_user_id_idx on project_member (user_id);

comment on table project_member is 'People whom the owner of a project shares it with.';
comment on column project_member.user_id is 'Opaque, as in project.user_id.';
comment on column project_member.role is 'viewer looks, operator also deploys, editor also changes.';
comment on column project_member.name is 'As it was when the invitation was accepted.';

create view project_access as
select id as project_id, user_id, 'owner'::project_role as role
from project
union all
select project_id, user_id, role
from project_member;

comment on view project_access is 'Who has to do with a project, and as what.';

create view deployment_access as
select id as deployment_id, user_id, 'owner'::project_role as role
from deployment
union all
select d.id, m.user_id, m.role
from deployment d
join project p on p.id = d.project_id and p.user_id = d.user_id
join project_member m on m.project_id = p.id;

comment on view deployment_access is 'Who has to do with a deployment: its owner, and who is let into its project.';
