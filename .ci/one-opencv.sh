#!/usr/bin/env bash
# Three libraries ask for three opencv wheels that write the same folder. All are pinned to one version; the one that
# needs no libGL and no X libraries goes in last, so that a bare machine can import it whatever the order was.
# usage: one-opencv.sh BIN
set -euo pipefail

bin=$1
"$bin"/python -c 'import cv2' 2>/dev/null && exit 0
pin=$(grep '^opencv-python-headless==' constraints.txt)
"$bin"/pip install --quiet --no-deps --force-reinstall --constraint constraints.txt "$pin"
"$bin"/python -c 'import cv2'
