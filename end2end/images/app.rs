//! The only program in the images of the container tests. It is static and has no dependencies, so an image needs nothing else:
//! `rustc -O --target x86_64-unknown-linux-musl app.rs`
//!
//! | arguments | what it does |
//! |---|---|
//! | `serve [text]` | web server on port 8080: `/health` answers ok, every other path answers the text |
//! | `sick` | the same, but `/health` never answers ok |
//! | `crash [seconds]` | ends with code 3 |
//! | `job` | ends with code 0 |
//! | `write FILE TEXT` | appends a line, then serves the file: to see whether volumes survive |
//! | `append FILE LINE` | appends a line and ends: to count how often it was run |
//! | `check` | the health check: requests `/health`, ends with code 0 or 1 |

use std::{
    env, fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::exit,
    thread::sleep,
    time::Duration,
};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let text = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    match text(0).as_str() {
        "sick" => serve(false, || "sick".to_owned()),
        "crash" => {
            println!("about to crash");
            sleep(Duration::from_secs(text(1).parse().unwrap_or(0)));
            exit(3)
        }
        "job" => println!("done"),
        "write" => {
            let (file, line) = (text(1), text(2));
            let before = fs::read_to_string(&file).unwrap_or_default();
            if fs::write(&file, format!("{before}{line}\n")).is_err() {
                println!("cannot write {file}");
                exit(4);
            }
            serve(true, move || fs::read_to_string(&file).unwrap_or_default())
        }
        "append" => {
            let file = fs::OpenOptions::new().append(true).create(true).open(text(1));
            // Writes the line with one call, so that lines of two programs that write at once do not mix.
            let kept = file.and_then(|mut file| file.write_all(format!("{}\n", text(2)).as_bytes()));
            exit(if kept.is_ok() { 0 } else { 4 })
        }
        "check" => exit(i32::from(!is_healthy())),
        _ => {
            let said = text(1);
            serve(true, move || if said.is_empty() { "hello".to_owned() } else { said.clone() })
        }
    }
}

fn serve(healthy: bool, text: impl Fn() -> String) -> ! {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8080u16);
    let listener = TcpListener::bind(("0.0.0.0", port)).unwrap_or_else(|error| {
        eprintln!("cannot listen: {error}");
        exit(5)
    });
    println!("listening on {port}");
    eprintln!("DB_PASSWORD=hunter2");
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
        let mut request = [0u8; 2048];
        let length = stream.read(&mut request).unwrap_or(0);
        let is_health = request[..length].starts_with(b"GET /health");
        let (status, body) = match (is_health, healthy) {
            (true, false) => ("503 Service Unavailable", "sick".to_owned()),
            (true, true) => ("200 OK", "ok".to_owned()),
            (false, _) => ("200 OK", text()),
        };
        let _ = write!(stream, "HTTP/1.0 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    }
    exit(0)
}

fn is_healthy() -> bool {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8080u16);
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut answer = String::new();
    let asked = stream.write_all(b"GET /health HTTP/1.0\r\n\r\n").is_ok();
    let _ = stream.read_to_string(&mut answer);
    asked && answer.starts_with("HTTP/1.0 200")
}
