use std::os::unix::fs::PermissionsExt as _;

use super::*;

const NAMES: [&str; 2] = ["one", "two"];

fn written(folder: &Path) -> PathBuf {
    let path = folder.join("backup.tar");
    let mut writer = ArchiveWriter::create(&path, "1").unwrap();
    writer.begin("one").unwrap();
    writer.write(&[7; 700]).unwrap();
    writer.write(b"more").unwrap();
    writer.end().unwrap();
    writer.add("two", b"").unwrap();
    assert_eq!(writer.finish().unwrap(), fs::metadata(&path).unwrap().len());
    path
}

#[test]
fn what_is_written_is_read_again_and_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let mut archive = Archive::open(&path, &NAMES).unwrap();
    assert_eq!(archive.read("one").unwrap().len(), 704);
    assert_eq!(archive.read("two").unwrap(), b"");
}

#[test]
fn other_programs_read_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let command = format!("tar xf {} && sha256sum -c SHA256SUMS", path.display());
    let mut shell = std::process::Command::new("sh");
    let done = shell.args(["-c", &command]).current_dir(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn no_bit_and_no_length_can_change_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let whole = fs::read(&path).unwrap();
    let other = folder.path().join("other.tar");
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&other, changed).unwrap();
        assert!(Archive::open(&other, &NAMES).is_err(), "byte {at}");
    }
    for length in 0..whole.len() {
        fs::write(&other, &whole[..length]).unwrap();
        assert!(Archive::open(&other, &NAMES).is_err(), "{length} bytes");
    }
    fs::write(&other, [whole.as_slice(), b"x"].concat()).unwrap();
    assert!(Archive::open(&other, &NAMES).is_err());
}

#[test]
fn what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let whole = fs::read(&path).unwrap();
    let told = |bytes: &[u8]| {
        let other = folder.path().join("other.tar");
        fs::write(&other, bytes).unwrap();
        Archive::open(&other, &NAMES).err().unwrap().to_string()
    };
    assert!(told(b"hello").contains("is not a Stacker backup"));
    assert!(told(&whole[..600]).contains("is incomplete (it ends in one)"));
    let mut changed = whole.clone();
    changed[600] ^= 1;
    assert!(told(&changed).contains("is damaged (in one)"));
}

#[test]
fn nothing_is_overwritten_and_nothing_half_done_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup.tar");
    fs::write(&path, "mine").unwrap();
    let writer = ArchiveWriter::create(&path, "1").unwrap();
    assert!(writer.finish().is_err());
    drop(ArchiveWriter::create(&path, "2").unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_size_of_more_than_eight_gigabytes_is_said_in_binary() {
    for size in [0, 1, OCTAL_LIMIT - 1, OCTAL_LIMIT, u64::MAX] {
        assert_eq!(size_in(&header("x", size)), Some(size));
    }
}
