alter table access_token
    drop column scope,
    drop column expires_at,
    drop column last_used_at;
