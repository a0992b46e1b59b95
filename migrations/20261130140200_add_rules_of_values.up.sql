insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/project/:id/env', 'GET'),
    ('p', 'group_user', '/project/:id/env', 'PUT')
on conflict do nothing;
