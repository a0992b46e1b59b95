delete from casbin_rule
where ptype = 'p' and (v0, v1, v2) in (
    ('group_anonymous', '/rating/summary', 'GET'),
    ('group_user', '/rating/:id/report', 'POST')
);
