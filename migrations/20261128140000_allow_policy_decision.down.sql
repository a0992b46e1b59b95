delete from casbin_rule
where ptype = 'p' and v0 = 'group_admin' and v1 = '/api/v1/policy/decision' and v2 = 'GET';
