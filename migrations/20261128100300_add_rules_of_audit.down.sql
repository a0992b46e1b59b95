delete from casbin_rule
where ptype = 'p' and v0 = 'group_user' and v1 in ('/api/v1/audit', '/api/v1/audit/export') and v2 = 'GET';
