delete from casbin_rule
where ptype = 'p' and (v0, v1, v2) in (
    ('group_admin', '/admin/agreement/:id/acceptances', 'GET'),
    ('group_admin', '/admin/agreement/:id/versions', 'GET')
);
