delete from casbin_rule
where ptype = 'p' and (v0, v1, v2) in (
    ('group_user', '/project/:id/images/check', 'POST'),
    ('group_user', '/registry', 'GET'),
    ('group_user', '/registry', 'POST'),
    ('group_user', '/registry/:id', 'PUT'),
    ('group_user', '/registry/:id', 'DELETE')
);
