create table stack_category (
    id serial primary key,
    name varchar(255) not null unique,
    title varchar(255),
    metadata jsonb not null default '{}',
    constraint stack_category_name_is_not_empty check (name <> '')
);

create index stack_category_title_idx on stack_category (title);

insert into stack_category (name, title) values
    ('AI Agents', 'AI Agents'),
    ('Data Pipelines', 'Data Pipelines'),
    ('SaaS Starter', 'SaaS Starter'),
    ('Dev Tools', 'Dev Tools'),
    ('Automation', 'Automation');

comment on table stack_category is 'What templates are sorted by.';
comment on column stack_category.name is 'What requests and answers call it: category_code.';
comment on column stack_category.title is 'What people read. Null: the name.';
comment on column stack_category.metadata is 'What the User Service says about it: its priority.';
