//! The schema: all migrations up, down and up again; several servers at once; `--no-migrate`.

use sqlx::PgPool;
use stacker::db::{MIGRATOR, MigrateError, PendingMigrations, Pool, migrate};

/// All tables, columns, types and constraints as one text.
async fn schema(pool: &PgPool) -> String {
    let rows: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
         from information_schema.columns
         where table_schema = 'public' and table_name <> '_sqlx_migrations'
         union all
         select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
         from pg_constraint
         where connamespace = 'public'::regnamespace and conrelid <> '_sqlx_migrations'::regclass
         union all
         select indexdef from pg_indexes where schemaname = 'public' and tablename <> '_sqlx_migrations'
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    rows.join("\n")
}

/// Undoes all migrations, because databases created under scripts/with-test-postgres.sh are already migrated.
async fn empty(pool: &PgPool) {
    MIGRATOR.undo(pool, 0).await.unwrap();
}

#[sqlx::test(migrations = false)]
async fn all_migrations_go_up_down_and_up_again(pool: PgPool) {
    empty(&pool).await;
    migrate(&Pool::from(&pool), PendingMigrations::Apply).await.unwrap();
    let up = schema(&pool).await;
    assert!(up.contains("project.compose text NO"), "{up}");

    MIGRATOR.undo(&pool, 0).await.unwrap();
    assert_eq!(schema(&pool).await, "");

    migrate(&Pool::from(&pool), PendingMigrations::Apply).await.unwrap();
    assert_eq!(schema(&pool).await, up);
}

#[sqlx::test(migrations = false)]
async fn two_servers_may_start_at_once(pool: PgPool) {
    empty(&pool).await;
    let (here, there) = (Pool::from(&pool), Pool::from(&pool));
    let (one, other) =
        tokio::join!(migrate(&here, PendingMigrations::Apply), migrate(&there, PendingMigrations::Apply));
    one.unwrap();
    other.unwrap();
}

#[sqlx::test(migrations = false)]
async fn without_leave_to_migrate_pending_migrations_stop_the_start(pool: PgPool) {
    empty(&pool).await;
    let error = migrate(&Pool::from(&pool), PendingMigrations::Refuse).await.unwrap_err();
    assert!(matches!(error, MigrateError::Pending { count: 5.., .. }), "{error}");
    assert!(error.to_string().contains("create project"), "{error}");

    migrate(&Pool::from(&pool), PendingMigrations::Apply).await.unwrap();
    migrate(&Pool::from(&pool), PendingMigrations::Refuse).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_database_of_a_newer_stacker_is_left_alone(pool: PgPool) {
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (99990101000000, 'of tomorrow', true, '', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    for pending in [PendingMigrations::Apply, PendingMigrations::Refuse] {
        let error = migrate(&Pool::from(&pool), pending).await.unwrap_err();
        assert!(matches!(error, MigrateError::Newer(99_990_101_000_000)), "{error}");
    }
}

/// A few tables of Stacker 0.2, with a row.
const OLDER: &str = "
    create table product (id integer primary key, obj_id integer not null, obj_type text not null);
    create table rating (id serial primary key, user_id varchar(50) not null, obj_id integer references product (id));
    create table agreement (id serial primary key, name varchar(255) not null, text text not null);
    create table user_agreement (id serial primary key, agrt_id integer references agreement (id));
    create table project (id serial primary key, stack_id uuid not null, user_id varchar(50) not null, name text not null);
    insert into project (stack_id, user_id, name) values (gen_random_uuid(), 'ada', 'Shop');
";

#[sqlx::test(migrations = false)]
async fn a_database_of_stacker_0_2_is_recognized_and_left_alone(pool: PgPool) {
    empty(&pool).await;
    sqlx::query("delete from _sqlx_migrations").execute(&pool).await.unwrap();
    sqlx::raw_sql(OLDER).execute(&pool).await.unwrap();
    let before = schema(&pool).await;
    // Once without a list of migrations, as after a restore of the tables alone, and once with it.
    for with_list in [false, true] {
        if with_list {
            sqlx::query(
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                 values (20230903063840, 'creating rating tables', true, '', 0)",
            )
            .execute(&pool)
            .await
            .unwrap();
        }
        for pending in [PendingMigrations::Apply, PendingMigrations::Refuse] {
            let error = migrate(&Pool::from(&pool), pending).await.unwrap_err();
            assert!(matches!(error, MigrateError::Older { .. }), "{error}");
            let told = format!("{:#}", anyhow::Error::from(error));
            let name = pool.connect_options().get_database().unwrap().to_owned();
            assert!(told.starts_with(&format!("the database `{name}` at ")), "{told}");
            assert_eq!(told.matches("0.2").count(), 2, "{told}");
            assert_eq!(schema(&pool).await, before);
        }
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from project").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_table_says_what_it_is_for(pool: PgPool) {
    let silent: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '_sqlx_migrations'
            and obj_description(oid) is null",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(silent.is_empty(), "{silent:?}");
}
