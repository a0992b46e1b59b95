drop table key_holder;
