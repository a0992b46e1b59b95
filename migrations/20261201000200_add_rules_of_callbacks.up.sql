insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/api/v1/callbacks', 'GET'),
    ('p', 'group_user', '/api/v1/callbacks', 'POST'),
    ('p', 'group_user', '/api/v1/callbacks/:id', 'GET'),
    ('p', 'group_user', '/api/v1/callbacks/:id', 'PUT'),
    ('p', 'group_user', '/api/v1/callbacks/:id', 'DELETE'),
    ('p', 'group_user', '/api/v1/callbacks/:id/rotate-secret', 'POST'),
    ('p', 'group_user', '/api/v1/callbacks/:id/test', 'POST'),
    ('p', 'group_user', '/api/v1/callbacks/:id/deliveries', 'GET'),
    ('p', 'group_user', '/api/v1/callbacks/:id/deliveries/:delivery_id/redeliver', 'POST')
on conflict do nothing;
