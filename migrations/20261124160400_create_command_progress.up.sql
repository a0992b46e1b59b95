create table command_progress (
    command_id varchar(64) not null,
    seq integer not null,
    step varchar(50) not null,
    message text not null,
    at timestamptz not null,
    primary key (command_id, seq),
    constraint command_progress_command_id_fkey
        foreign key (command_id) references commands (command_id) on delete cascade
);

comment on table command_progress is 'What our agent said while it worked, in order.';
comment on column command_progress.seq is 'Given by the agent; one that is there already is not kept again.';
comment on column command_progress.step is 'A short stable word.';
comment on column command_progress.message is 'For people.';
comment on column command_progress.at is 'By the clock of the host.';
