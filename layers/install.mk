# How layers are built. SAM runs make in the project's folder.

# What the functions run on: Lambda's Python and processor, unless the emulator asks for its own.
KHOBOR_PYTHON ?= 3.13
KHOBOR_ARCHITECTURE ?= $(shell sed -n '/^  Architecture:/,/Default:/s/^    Default: //p' template.yaml)

machine = $(if $(filter arm64,$(KHOBOR_ARCHITECTURE)),aarch64,x86_64)
# Amazon Linux 2023 has glibc 2.34; pip takes each name that fits it.
platforms = $(foreach tag,manylinux_2_34 manylinux_2_28 manylinux_2_17 manylinux2014,--platform $(tag)_$(machine))
pip = $(firstword $(wildcard .venv/bin/python) python3) -m pip

define install
	$(pip) install --disable-pip-version-check --quiet --no-compile --no-deps --require-hashes --only-binary=:all: \
	  $(platforms) --implementation cp --python-version $(KHOBOR_PYTHON) \
	  --target "$(ARTIFACTS_DIR)/python" --requirement $(1)
	rm -rf "$(ARTIFACTS_DIR)/python/bin"
endef

# Lambda cannot keep bytecode, so that without it every start compiles. Only the functions' own Python can make it;
# where there is none, the layers work all the same.
define compile
	for python in .venv/bin/python python$(KHOBOR_PYTHON); do \
	  if "$$python" --version 2>/dev/null | grep -q "^Python $(KHOBOR_PYTHON)\."; then \
	    "$$python" -m compileall -q --invalidation-mode unchecked-hash "$(ARTIFACTS_DIR)/python"; break; \
	  fi; \
	done
endef
