delete from casbin_rule
where ptype = 'p' and v0 = 'agent' and v1 = '/api/v1/agent/leave' and v2 = 'POST';
