"""What Lambda's Python runs on, and what it brings: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html."""

import sys

# Amazon Linux 2023: its glibc, and the libraries of its GCC 11.
NEWEST = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13), "GCC": (11, 99)}
LIBRARIES = {
    *("libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libresolv.so.2"),
    *("ld-linux-aarch64.so.1", "ld-linux-x86-64.so.2", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1"),
}
MACHINES = {"arm64": ("EM_AARCH64", "aarch64"), "x86_64": ("EM_X86_64", "x86_64")}
# boto3, and what it needs.
DISTRIBUTIONS = {"boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "urllib3", "six"}
MODULES = sys.stdlib_module_names | {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"}
# Of a function with its layers, unpacked: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MOST_BYTES = 262_144_000
MOST_LAYERS = 5
