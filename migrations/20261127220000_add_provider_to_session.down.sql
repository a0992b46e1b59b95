alter table session
    drop column confirmed_at,
    drop column checked_at,
    drop column provider_tokens,
    drop column ip_address,
    drop column user_agent,
    drop column id;

drop index if exists session_user_id_idx;
