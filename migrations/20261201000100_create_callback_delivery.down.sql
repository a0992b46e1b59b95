drop table callback_delivery;
