delete from casbin_rule
where ptype = 'p' and (v0, v1, v2) in (
    ('group_user', '/cloud/:id/check', 'POST'),
    ('group_user', '/project/:id/clouds/:cloud_id/offers', 'GET'),
    ('group_user', '/cloud/:id/projects', 'PUT'),
    ('group_user', '/project/:id/clouds', 'GET'),
    ('group_user', '/server/:id', 'DELETE'),
    ('group_user', '/project/deploy/status', 'GET'),
    ('group_user', '/project/:id/deploy/status', 'GET'),
    ('group_user', '/api/v1/deployments/:deployment_hash/status-token', 'POST'),
    ('group_user', '/api/v1/deployments/:deployment_hash/status-token', 'DELETE'),
    ('group_anonymous', '/api/v1/deployments/:deployment_hash/status', 'GET')
);
