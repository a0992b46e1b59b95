comment on column client.callback_url is 'Of the program itself; kept for it, never called.';
