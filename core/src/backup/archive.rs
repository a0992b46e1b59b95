//! A tar archive with fixed headers and `SHA256SUMS` (in the format of `sha256sum -c`) as its last member, so that a change of
//! any bit is detected.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

const SUMS: &str = "SHA256SUMS";
const BLOCK: usize = 512;
/// From this size on, the octal size field of a header is too short.
const OCTAL_LIMIT: u64 = 1 << 33;
/// Maximum size of members that are read into memory.
const MAX_SMALL: u64 = 1024 * 1024;
const COPIED_AT_ONCE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{} could not be {action}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("{} is not a Stacker backup: it does not begin with {expected}", path.display())]
    NotOurs { path: PathBuf, expected: &'static str },
    #[error("the backup {} is incomplete (it ends in {member}): use another copy", path.display())]
    Cut { path: PathBuf, member: &'static str },
    #[error("the backup {} is damaged (in {member}): use another copy", path.display())]
    Damaged { path: PathBuf, member: &'static str },
}

/// Written under a temporary name until it is complete; deleted if it is not completed.
pub struct ArchiveWriter {
    file: File,
    draft: PathBuf,
    target: PathBuf,
    sums: String,
    member: Option<Writing>,
}

struct Writing {
    name: &'static str,
    header_at: u64,
    size: u64,
    digest: Sha256,
}

impl ArchiveWriter {
    /// Creates the file readable by its owner only. `mark` makes the temporary name unique.
    pub fn create(target: &Path, mark: &str) -> Result<Self, ArchiveError> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".part-{mark}"));
        let draft = PathBuf::from(name);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
        let file = made.map_err(|source| failed("made", &draft, source))?;
        Ok(Self { file, draft, target: target.to_owned(), sums: String::new(), member: None })
    }

    pub fn begin(&mut self, name: &'static str) -> Result<(), ArchiveError> {
        let header_at = self.position()?;
        self.put(&[0; BLOCK])?;
        self.member = Some(Writing { name, header_at, size: 0, digest: Sha256::new() });
        Ok(())
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.put(bytes)?;
        if let Some(member) = &mut self.member {
            member.size += bytes.len() as u64;
            member.digest.update(bytes);
        }
        Ok(())
    }

    pub fn end(&mut self) -> Result<(), ArchiveError> {
        let Some(member) = self.member.take() else { return Ok(()) };
        self.put(&[0; BLOCK][..padding(member.size)])?;
        let end = self.position()?;
        self.seek(member.header_at)?;
        self.put(&header(member.name, member.size))?;
        self.seek(end)?;
        self.sums += &line_of_sums(member.name, &member.digest.finalize());
        Ok(())
    }

    pub fn add(&mut self, name: &'static str, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.begin(name)?;
        self.write(bytes)?;
        self.end()
    }

    /// Fails if the target already exists. Returns the size of the archive.
    pub fn finish(mut self) -> Result<u64, ArchiveError> {
        let sums = self.sums.clone();
        self.add(SUMS, sums.as_bytes())?;
        self.put(&[0; 2 * BLOCK])?;
        let size = self.position()?;
        self.file.sync_all().map_err(|source| failed("written", &self.draft, source))?;
        fs::hard_link(&self.draft, &self.target).map_err(|source| failed("made", &self.target, source))?;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        synced.map_err(|source| failed("written", &self.target, source))?;
        Ok(size)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.file.write_all(bytes).map_err(|source| failed("written", &self.draft, source))
    }

    fn position(&mut self) -> Result<u64, ArchiveError> {
        self.file.stream_position().map_err(|source| failed("written", &self.draft, source))
    }

    fn seek(&mut self, to: u64) -> Result<(), ArchiveError> {
        let moved = self.file.seek(SeekFrom::Start(to));
        moved.map(|_| ()).map_err(|source| failed("written", &self.draft, source))
    }
}

impl Drop for ArchiveWriter {
    fn drop(&mut self) {
        // Either the file has its final name now, or it is incomplete.
        drop(fs::remove_file(&self.draft));
    }
}

/// An archive that was read and verified.
pub struct Archive {
    file: File,
    path: PathBuf,
    members: Vec<Member>,
}

struct Member {
    name: &'static str,
    start: u64,
    size: u64,
}

impl Archive {
    /// Reads the whole archive once and verifies every bit.
    pub fn open(path: &Path, names: &[&'static str]) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|source| failed("read", path, source))?;
        let mut archive = Self { file, path: path.to_owned(), members: Vec::new() };
        let mut sums = String::new();
        for name in names {
            let digest = archive.take_member(name, names[0])?;
            sums += &line_of_sums(name, &digest);
        }
        archive.take_member(SUMS, names[0])?;
        archive.take_zeros(2 * BLOCK, SUMS)?;
        let mut more = [0];
        if archive.file.read(&mut more).map_err(|source| failed("read", path, source))? > 0 {
            return Err(ArchiveError::Damaged { path: path.to_owned(), member: SUMS });
        }
        let kept = archive.read(SUMS)?;
        if kept == sums.as_bytes() {
            return Ok(archive);
        }
        // The first line that differs names the damaged member; if none differs, `SHA256SUMS` itself is damaged.
        let kept = String::from_utf8_lossy(&kept).into_owned();
        let wrong = names.iter().zip(sums.lines().zip(kept.lines())).find(|(_, (is, was))| is != was);
        Err(ArchiveError::Damaged { path: path.to_owned(), member: wrong.map_or(SUMS, |(name, _)| name) })
    }

    pub fn read(&mut self, name: &'static str) -> Result<Vec<u8>, ArchiveError> {
        let damaged = ArchiveError::Damaged { path: self.path.clone(), member: name };
        let size = self.find(name).map(|member| member.size).filter(|size| *size <= MAX_SMALL);
        let Some(size) = size else { return Err(damaged) };
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let path = self.path.clone();
        let mut member = self.member(name)?;
        member.read_to_end(&mut bytes).map_err(|source| failed("read", &path, source))?;
        Ok(bytes)
    }

    /// The content of a member, from its beginning.
    pub fn member(&mut self, name: &'static str) -> Result<io::Take<&File>, ArchiveError> {
        let Some((start, size)) = self.find(name).map(|member| (member.start, member.size)) else {
            return Err(ArchiveError::Damaged { path: self.path.clone(), member: name });
        };
        self.file.seek(SeekFrom::Start(start)).map_err(|source| failed("read", &self.path, source))?;
        Ok((&self.file).take(size))
    }

    pub fn size(&self) -> u64 {
        self.file.metadata().map_or(0, |file| file.len())
    }

    fn find(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Reads the next member, which must have this name. Returns its SHA-256.
    fn take_member(&mut self, name: &'static str, first: &'static str) -> Result<Vec<u8>, ArchiveError> {
        let mut found = [0; BLOCK];
        let begun = self.file.read_exact(&mut found);
        let is_first = name == first;
        if is_first && (begun.is_err() || !found.starts_with(name.as_bytes())) {
            return Err(ArchiveError::NotOurs { path: self.path.clone(), expected: first });
        }
        begun.map_err(|source| self.cut(name, source))?;
        // The header must be exactly the one that we would write for this size.
        let size = size_in(&found).filter(|size| header(name, *size) == found);
        let Some(size) = size else {
            return Err(ArchiveError::Damaged { path: self.path.clone(), member: name });
        };
        let start = self.file.stream_position().map_err(|source| failed("read", &self.path, source))?;
        let mut digest = Sha256::new();
        let mut left = size;
        let mut buffer = vec![0; COPIED_AT_ONCE];
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(COPIED_AT_ONCE).min(COPIED_AT_ONCE);
            self.file.read_exact(&mut buffer[..part]).map_err(|source| self.cut(name, source))?;
            digest.update(&buffer[..part]);
            left -= part as u64;
        }
        self.take_zeros(padding(size), name)?;
        self.members.push(Member { name, start, size });
        Ok(digest.finalize().to_vec())
    }

    fn take_zeros(&mut self, count: usize, member: &'static str) -> Result<(), ArchiveError> {
        let mut zeros = vec![0; count];
        self.file.read_exact(&mut zeros).map_err(|source| self.cut(member, source))?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(ArchiveError::Damaged { path: self.path.clone(), member });
        }
        Ok(())
    }

    fn cut(&self, member: &'static str, source: io::Error) -> ArchiveError {
        let path = self.path.clone();
        if source.kind() == io::ErrorKind::UnexpectedEof {
            ArchiveError::Cut { path, member }
        } else {
            ArchiveError::Io { action: "read", path, source }
        }
    }
}

/// A POSIX (ustar) header for a file of user 0 without a time, readable and writable by its owner.
fn header(name: &str, size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    if size < OCTAL_LIMIT {
        put(124, format!("{size:011o}\0").as_bytes());
    } else {
        // The GNU extension for large sizes, which all common programs support.
        put(124, &[0x80]);
        put(128, &size.to_be_bytes());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn size_in(header: &[u8; BLOCK]) -> Option<u64> {
    let field = &header[124..136];
    if field[0] == 0x80 {
        return field[4..].try_into().ok().map(u64::from_be_bytes);
    }
    u64::from_str_radix(std::str::from_utf8(&field[..11]).ok()?, 8).ok()
}

/// The number of bytes to the end of the block.
fn padding(size: u64) -> usize {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    (BLOCK - over) % BLOCK
}

fn line_of_sums(name: &str, digest: &[u8]) -> String {
    format!("{}  {name}\n", hex::encode(digest))
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::Io { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
