comment on column client.callback_url is 'As it was sent. The subscription made from it decides what is called.';
