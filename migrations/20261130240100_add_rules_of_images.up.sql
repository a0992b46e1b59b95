insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/project/:id/images/check', 'POST'),
    ('p', 'group_user', '/registry', 'GET'),
    ('p', 'group_user', '/registry', 'POST'),
    ('p', 'group_user', '/registry/:id', 'PUT'),
    ('p', 'group_user', '/registry/:id', 'DELETE')
on conflict do nothing;
