drop table sealing_key;
