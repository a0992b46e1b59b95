delete from casbin_rule
where ptype = 'p' and (v0, v1, v2) in (
    ('group_user', '/api/v1/callbacks', 'GET'),
    ('group_user', '/api/v1/callbacks', 'POST'),
    ('group_user', '/api/v1/callbacks/:id', 'GET'),
    ('group_user', '/api/v1/callbacks/:id', 'PUT'),
    ('group_user', '/api/v1/callbacks/:id', 'DELETE'),
    ('group_user', '/api/v1/callbacks/:id/rotate-secret', 'POST'),
    ('group_user', '/api/v1/callbacks/:id/test', 'POST'),
    ('group_user', '/api/v1/callbacks/:id/deliveries', 'GET'),
    ('group_user', '/api/v1/callbacks/:id/deliveries/:delivery_id/redeliver', 'POST')
);
