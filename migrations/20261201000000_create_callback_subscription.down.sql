drop table callback_subscription;
