insert into casbin_rule (ptype, v0, v1, v2) values
    ('p', 'group_user', '/cloud/:id/check', 'POST'),
    ('p', 'group_user', '/project/:id/clouds/:cloud_id/offers', 'GET'),
    ('p', 'group_user', '/cloud/:id/projects', 'PUT'),
    ('p', 'group_user', '/project/:id/clouds', 'GET'),
    ('p', 'group_user', '/server/:id', 'DELETE'),
    ('p', 'group_user', '/project/deploy/status', 'GET'),
    ('p', 'group_user', '/project/:id/deploy/status', 'GET'),
    ('p', 'group_user', '/api/v1/deployments/:deployment_hash/status-token', 'POST'),
    ('p', 'group_user', '/api/v1/deployments/:deployment_hash/status-token', 'DELETE'),
    ('p', 'group_anonymous', '/api/v1/deployments/:deployment_hash/status', 'GET')
on conflict do nothing;
