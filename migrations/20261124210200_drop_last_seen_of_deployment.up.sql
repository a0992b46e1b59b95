-- Nothing wrote it: when an agent was last heard of stands with the agent.
alter table deployment drop column last_seen_at;
