//! Passwords that everybody knows: from documentation, from examples, and from the lists that attackers try first.

/// In small letters, without anything but letters and digits.
const KNOWN: &[&str] = &[
    "0000",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "abc123",
    "admin",
    "admin123",
    "administrator",
    "adminpassword",
    "changeit",
    "changeme",
    "changethis",
    "dbpass",
    "dbpassword",
    "default",
    "demo",
    "example",
    "foobar",
    "guest",
    "letmein",
    "mariadb",
    "minio",
    "minio123",
    "minioadmin",
    "mongo",
    "mongodb",
    "mypassword",
    "mysecret",
    "mysecretpassword",
    "mysecretpw",
    "mysql",
    "mysqlpassword",
    "pass",
    "passw0rd",
    "passwd",
    "password",
    "password1",
    "password123",
    "postgres",
    "postgresql",
    "postgrespassword",
    "pssw0rd",
    "qwerty",
    "rabbitmq",
    "redis",
    "root",
    "rootpass",
    "rootpassword",
    "rootroot",
    "secret",
    "secretkey",
    "secretpassword",
    "somewordpress",
    "supersecret",
    "supersecretpassword",
    "test",
    "test123",
    "testing",
    "toor",
    "user",
    "welcome",
    "wordpress",
];

/// The beginnings of placeholders.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changethis",
    "pleasechange",
    "replaceme",
    "replacethis",
    "replacewith",
    "yoursecure",
    "yourstrong",
];

/// Whether the value is a password that everybody knows, or stands for one.
pub fn is_weak(value: &str) -> bool {
    let plain: String =
        value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if plain.is_empty() || plain.len() > 64 {
        return false;
    }
    let is_yours = plain.strip_prefix("your").is_some_and(|rest| {
        ["password", "secret", "token", "key", "pass"].iter().any(|what| rest.contains(what))
    });
    KNOWN.contains(&plain.as_str()) || is_yours || PLACEHOLDERS.iter().any(|start| plain.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn known_passwords_and_placeholders_are_weak() {
        for value in [
            "password",
            "P@ssw0rd",
            "change_me",
            "CHANGEME!",
            "changeme-please",
            "your-secret-key",
            "<your_password>",
            "my-secret-pw",
            "123456",
        ] {
            assert!(is_weak(value), "{value}");
        }
        for value in [
            "",
            "-",
            "hunter2",
            "yours truly",
            "correct horse battery staple",
            "kJ8s-passwordless",
            "secret-of-mine",
        ] {
            assert!(!is_weak(value), "{value}");
        }
    }
}
